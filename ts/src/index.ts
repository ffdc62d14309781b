/**
 * Recurrent sequence models that train and run wherever JavaScript runs.
 *
 * @packageDocumentation
 */

export * from './errors.js';

// Models by task
export { Tagger } from './models/tagger.js';
export type { TaggerEvaluateOptions } from './models/tagger.js';
export type { TaggerEvaluation } from './models/tagger/evaluation.js';
export type { TaggerMarginals } from './models/tagger/marginals.js';
export type { TaggerReading } from './models/tagger/nbest.js';
export type {
  TaggedExamples,
  TaggerFitOptions,
  TaggerLearningOptions,
  TaggerModelOptions,
  TaggerSettings,
  TaggerTrainOptions,
} from './models/tagger/options.js';
export { Classifier } from './models/classifier.js';
export type { Classification, Explanation, ScoredLabel, WeighedToken } from './models/classifier/classification.js';
export type { CrossValidation, CrossValidationOptions, FoldScores } from './models/classifier/crossValidation.js';
export type { ClassifierEvaluation } from './models/classifier/evaluation.js';
export type {
  ClassifierExample,
  ClassifierExamples,
  ClassifierFitOptions,
  ClassifierLearningOptions,
  ClassifierModelOptions,
  ClassifierSettings,
  ClassifierTrainOptions,
  ClassWeights,
} from './models/classifier/options.js';
export type { LearnedModel } from './models/learned.js';
export type { LearningCallbacks, LearningOptions } from './models/learning/options.js';
export type { LearningReport, LearningReport as TaggerReport } from './models/learning/report.js';
export type { TextInput, TextInput as TaggerInput } from './models/text/document.js';
export type { Examples } from './models/text/examples.js';
export type { TextOptions, TextSettings } from './models/text/options.js';
export { Extractor } from './models/extractor.js';
export type { ExtractorEvaluateOptions } from './models/extractor.js';
export type { ExtractorEvaluation } from './models/extractor/evaluation.js';
export type { Extraction } from './models/extractor/extraction.js';
export type {
  ExtractorFitOptions,
  ExtractorLoadOptions,
  ExtractorModelOptions,
  ExtractorSettings,
  ExtractorTrainOptions,
} from './models/extractor/options.js';
export type { ExtractedSpan, Normaliser, NormaliserContext, Normalisers, SlotArity } from './models/extractor/record.js';
export type { IntentOf, RecordOf, SlotOf, Slots } from './models/extractor/types.js';
export { LanguageModel } from './models/languageModel.js';
export type { CacheOptions, DynamicOptions, TextReadingOptions } from './models/languageModel/adapting.js';
export type { Architecture } from './models/languageModel/architecture.js';
export type { LanguageModelEvaluation } from './models/languageModel/evaluation.js';
export type {
  LanguageModelFitOptions,
  LanguageModelLearningOptions,
  LanguageModelOptions,
  LanguageModelSettings,
  LanguageModelTrainOptions,
} from './models/languageModel/options.js';
export { MarkovModel } from './models/markovModel.js';
export type {
  MarkovModelOptions,
  MarkovProgress,
  MarkovSettings,
  MarkovTrainOptions,
  MarkovUpdateOptions,
} from './models/markov/options.js';
export type { LevelOptions, LevelSettings } from './models/language/level.js';
export type { LanguageEvaluation, ScoredToken, TextRates, TextScore } from './models/language/score.js';
export type { LanguageTexts } from './models/language/texts.js';

// Generated text
export type { BeamHypothesis } from './generation/beams.js';
export type { GeneratedPiece, GenerationEnd } from './generation/draft.js';
export type { GeneratedText } from './generation/generate.js';
export type { BeamSearchOptions, GenerationOptions, TextConstraints } from './generation/options.js';

// Labelled data
export { detectClassifiedFormat, readClassified } from './data/classified.js';
export type { ClassifiedFormat, ClassifiedOptions } from './data/classified.js';
export { readClassifiedFolder } from './data/classifiedFolder.js';
export type { ColumnOptions } from './data/columns.js';
export { readConll } from './data/conll.js';
export type { ConllOptions } from './data/conll.js';
export type {
  ClassifiedExample,
  ClassifiedText,
  ClassifiedTokens,
  ExampleOrigin,
  MultiClassifiedText,
  MultiClassifiedTokens,
  RequestExample,
  RequestIntent,
  RequestText,
  RequestTokens,
  TaggedExample,
  TaggedText,
  TaggedTokens,
} from './data/example.js';
export { stratifiedFolds } from './data/folds.js';
export type { FoldOptions } from './data/folds.js';
export { detectFormat, readExamples } from './data/format.js';
export type { DataFormat, ReadOptions } from './data/format.js';
export { formatInline, parseInline, readInline } from './data/inline.js';
export type { InlineOptions } from './data/inline.js';
export { readJsonl } from './data/jsonl.js';
export type { JsonlOptions } from './data/jsonl.js';
export type { LabellingOptions } from './data/labelling.js';
export { readRequests } from './data/requests.js';
export type { SourceOptions, TextSource } from './data/source.js';
export { holdOut } from './data/split.js';
export type { HeldOut, HoldOutOptions } from './data/split.js';
export { readVectors } from './data/vectors.js';
export type { VectorOptions } from './data/vectors.js';
export { readText } from './data/wholeText.js';
export { WordVectors } from './data/wordVectors.js';

// Text
export type { Entity, EntityAnnotation, EntityMention, EntitySpan, TokenSpan } from './text/entity.js';
export { TextOffsets } from './text/offsets.js';
export type { OffsetUnit } from './text/offsets.js';
export { detectScheme } from './text/schemeDetection.js';
export type { TagSequence } from './text/schemeDetection.js';
export { segmentTokens } from './text/segment.js';
export type { Segment, SegmentOptions } from './text/segment.js';
export { convertTags, decodeTags, decodeTagsStrictly, encodeTags, TAG_SCHEMES, tagsOf } from './text/tagScheme.js';
export type { TagScheme } from './text/tagScheme.js';
export { tokenizerFromConfig, type RuleTokenizerConfig } from './text/ruleTokenizer.js';
export type { DecoderInput, DecoderJson } from './text/subword/decoder.js';
export type { Encoding } from './text/subword/encoding.js';
export { NormalisedText } from './text/subword/normalisedText.js';
export type { Edit } from './text/subword/normalisedText.js';
export { textNormaliser } from './text/subword/normaliser.js';
export type { NormaliserInput, NormaliserJson, TextNormaliser } from './text/subword/normaliser.js';
export type { PostProcessorJson } from './text/subword/postProcessor.js';
export type { PreTokenizerInput, PreTokenizerJson } from './text/subword/preTokenizer.js';
export { SubwordTokenizer } from './text/subword/subwordTokenizer.js';
export type { DecodeOptions, EncodeOptions } from './text/subword/subwordTokenizer.js';
export type { TokenizerInput, TokenizerJson } from './text/subword/tokenizerJson.js';
export type { TokenizerProgress } from './text/subword/training/clock.js';
export type { CountingTrainingOptions, TokenizerTrainingOptions } from './text/subword/training/options.js';
export { trainBpe, trainUnigram, trainWordLevel, trainWordPiece } from './text/subword/training/train.js';
export type { Texts } from './text/subword/training/words.js';
export { loadTokenizer } from './text/tokenizer.js';
export type { Token, Tokenizer, TokenizerConfig } from './text/tokenizer.js';
export { Vocabulary, VocabularyBuilder } from './text/vocabulary.js';
export type { VocabularyJson, VocabularyOptions } from './text/vocabulary.js';

// Scores
export {
  confusionMatrix,
  expectedCalibrationError,
  scoreClassification,
  scoreMultiLabel,
  scoreOrdinal,
} from './metrics/classification.js';
export type {
  ClassificationReport,
  ClassScore,
  ConfusionMatrix,
  MacroRates,
  MultiLabelReport,
  OrdinalReport,
} from './metrics/classification.js';
export { EntityScorer, scoreEntities } from './metrics/entity.js';
export type { EntityMatching, EntityReport, EntityScore } from './metrics/entity.js';
export type { Rates } from './metrics/rates.js';

// Engines
export { createEngine, defaultEngine, Engine } from './engine.js';
export type { EngineOptions, MemoryReport, Variant } from './engine.js';

// Specs
export { SpecBuilder } from './spec/specBuilder.js';
export { entryOf, GraphBuilder } from './spec/builder.js';
export type {
  EntryOptions,
  IdsOptions,
  Init,
  MatrixOptions,
  NodeOptions,
  ParameterOptions,
  StateInputOptions,
} from './spec/builder.js';
export { AdaptiveSoftmax } from './spec/adaptiveSoftmax.js';
export { Crf } from './spec/crf.js';
export type { CrfConditionals, CrfMarginals, CrfPath, CrfPaths } from './spec/crf.js';
export type { StateCellOptions } from './spec/cells/linearCell.js';
export type { LstmCellOptions } from './spec/cells/lstmStep.js';
export type { MogrifierLstmOptions } from './spec/cells/mogrifierLstm.js';
export type { QrnnOptions } from './spec/cells/qrnn.js';
export type { SlstmOptions } from './spec/cells/slstm.js';
export type { CellStateOptions } from './spec/cells/sru.js';
export type { CellOptions, SizedCellOptions } from './spec/cells/stack.js';
export type * from './spec/options.js';
export type * from './spec/scan.js';
export type * from './spec/spec.js';
export type * from './spec/value.js';
export { optimizer, schedule } from './spec/optimizer.js';
export type {
  AdagradOptions,
  AdamOptions,
  CosineScheduleOptions,
  LinearWarmupScheduleOptions,
  OneCycleScheduleOptions,
  OptimizerOptions,
  OptimizerSpec,
  PlateauScheduleOptions,
  RmspropOptions,
  ScheduleSpec,
  SgdOptions,
  StepScheduleOptions,
} from './spec/optimizer.js';

// Models of any spec, and their training
export { Model, Snapshot } from './training/model.js';
export type { ForwardOptions, ModelOptions, ParameterInfo } from './training/model.js';
export { Trainer } from './training/trainer.js';
export type { StepOptions, StepReport, TrainerOptions } from './training/trainer.js';
export { State } from './training/state.js';
export type { StateOptions } from './training/state.js';
export { Tape } from './training/tape.js';
export type { InputGradients, OutputGradients } from './training/tape.js';
export type { Batch, Numbers } from './training/batch.js';
export { output, rowOf } from './training/output.js';
export type { IdsOutput, MatrixOutput, Output, Outputs, ScalarOutput } from './training/output.js';
export type { BatchingOptions, TrainingData } from './training/batching.js';
export { nonMonotone } from './training/averaging.js';
export type { FitOptions } from './training/fit.js';
export type { DevScores, EpochReport, TrainingProgress, TrainingReport } from './training/progress.js';

// Model files
export { FORMAT_VERSION, loadModelFile, readModelFileInfo, saveModelFile } from './io/modelFile.js';
export type { ModelFile, ModelFileInfo, ModelMetadata, ModelSource, TensorInfo } from './io/modelFile.js';
