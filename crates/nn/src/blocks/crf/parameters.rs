//! The parameters and constraints that every CRF block has.

use json::Value;
use kernels::crf::constraints::Scheme;
use kernels::crf::{Allowed, Gradients, Transitions, transitions};
use kernels::elementwise::axpy;
use simd::{Element, Vector};

use crate::block::Build;
use crate::context::{ParamGradients, ParamView};
use crate::error::Error;
use crate::fields::Fields;
use crate::init::Init;

/// Masks of what is allowed.
struct Masks {
    start: Vec<bool>,
    transitions: Vec<bool>,
    end: Vec<bool>,
}

/// Which parameters a CRF block has, and what is forbidden.
pub struct Parameters {
    pub tags: usize,
    pub transitions: usize,
    pub start: usize,
    pub end: usize,
    masks: Option<Masks>,
}

impl Parameters {
    /// Declares `transitions` `[tags, tags]` (from row to column),
    /// `start_transitions` and `end_transitions` `[tags]`, and reads
    /// `constraints`: either a `scheme` ("bio", "bioes", "bmes") and the `tags`
    /// in the order of their ids, or the masks themselves, zeros and ones:
    /// `start`, `transitions` (row after row) and `end`. What is forbidden
    /// scores -10,000 in every computation and gets no gradient.
    pub fn build<E: Element>(build: &mut Build<'_, E>, tags: usize) -> Result<Self, Error> {
        let masks = match build.config.object_option("constraints")? {
            None => None,
            Some(fields) => {
                let masks = read_masks(&fields, tags)?;
                fields.finish()?;
                Some(masks)
            }
        };
        Ok(Self {
            tags,
            transitions: build.plain("transitions", &[tags, tags], Init::uniform(0.1))?,
            start: build.plain("start_transitions", &[tags], Init::uniform(0.1))?,
            end: build.plain("end_transitions", &[tags], Init::uniform(0.1))?,
            masks,
        })
    }

    /// What is allowed, where not everything is.
    pub fn allowed(&self) -> Option<Allowed<'_>> {
        self.masks.as_ref().map(|masks| Allowed {
            start: &masks.start,
            transitions: &masks.transitions,
            end: &masks.end,
        })
    }

    /// How much every CRF block derives from its parameters.
    pub fn derived<V: Vector>(&self) -> usize {
        transitions::prepared_len::<V>(self.tags)
    }

    /// Derives it.
    pub fn prepare<V: Vector>(&self, params: ParamView<'_, V::Elem>, derived: &mut [V::Elem]) {
        let (start, end) = (params.get(self.start), params.get(self.end));
        transitions::prepare::<V>(
            self.tags,
            start,
            params.get(self.transitions),
            end,
            self.allowed(),
            derived,
        );
    }

    /// Numbers of all parameters.
    pub fn count(&self) -> usize {
        self.tags * (self.tags + 2)
    }

    /// Where a kernel puts gradients: those of the parameters in `sums`, made
    /// zero, until [`Parameters::add`] hands them on.
    pub fn gradients<'a, E: Element>(
        &self,
        d_emissions: Option<&'a mut [E]>,
        sums: &'a mut [E],
    ) -> Gradients<'a, E> {
        sums.fill(E::ZERO);
        let (d_start, rest) = sums.split_at_mut(self.tags);
        let (d_end, d_transitions) = rest.split_at_mut(self.tags);
        Gradients {
            d_emissions,
            d_start: Some(d_start),
            d_transitions: Some(d_transitions),
            d_end: Some(d_end),
        }
    }

    /// Adds what a kernel summed to the parameters' gradients.
    pub fn add<V: Vector>(&self, sums: &[V::Elem], d_params: &mut ParamGradients<'_, V::Elem>) {
        let (d_start, rest) = sums.split_at(self.tags);
        let (d_end, d_transitions) = rest.split_at(self.tags);
        for (index, sum) in [
            (self.start, d_start),
            (self.transitions, d_transitions),
            (self.end, d_end),
        ] {
            if let Some(gradient) = d_params.get(index) {
                axpy::<V>(V::Elem::ONE, sum, gradient);
            }
        }
    }

    /// What was derived, as kernels take it.
    pub fn view<'a, V: Vector>(&self, derived: &'a [V::Elem]) -> Transitions<'a, V::Elem> {
        Transitions::new::<V>(self.tags, derived)
    }
}

fn read_masks(fields: &Fields<'_>, tags: usize) -> Result<Masks, Error> {
    let Some(name) = fields.str_option("scheme")? else {
        return Ok(Masks {
            start: read_mask(fields, "start", tags)?,
            transitions: read_mask(fields, "transitions", tags * tags)?,
            end: read_mask(fields, "end", tags)?,
        });
    };
    let scheme = Scheme::from_name(name).ok_or_else(|| {
        Error::spec(format!(
            "{}: expected \"bio\", \"bioes\" or \"bmes\", got \"{name}\"",
            fields.path_of("scheme")
        ))
    })?;
    let names = fields.strings("tags")?;
    if names.len() != tags {
        return Err(Error::spec(format!(
            "{}: expected a name for each of {tags} tags, got {}",
            fields.path_of("tags"),
            names.len()
        )));
    }
    let mut masks = Masks {
        start: vec![true; tags],
        transitions: vec![true; tags * tags],
        end: vec![true; tags],
    };
    match scheme.allow(
        &names,
        &mut masks.start,
        &mut masks.transitions,
        &mut masks.end,
    ) {
        Ok(()) => Ok(masks),
        Err(unknown) => Err(Error::spec(format!(
            "{}[{}]: expected a tag of the scheme \"{name}\", got \"{}\"",
            fields.path_of("tags"),
            unknown.index,
            names[unknown.index]
        ))),
    }
}

fn read_mask(fields: &Fields<'_>, name: &str, count: usize) -> Result<Vec<bool>, Error> {
    let read = |value: &Value| match value.as_f64() {
        Some(0.0) => Some(false),
        Some(1.0) => Some(true),
        _ => None,
    };
    let mask: Option<Vec<bool>> = fields.list(name)?.iter().map(read).collect();
    mask.filter(|mask| mask.len() == count).ok_or_else(|| {
        Error::spec(format!(
            "{}: expected {count} zeros and ones",
            fields.path_of(name)
        ))
    })
}
