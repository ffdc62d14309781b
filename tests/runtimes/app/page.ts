import { tagWith, train } from './training.js';

declare global {
  interface Window {
    /** What the test asks this page to do. */
    ostinato: {
      train(): Promise<{ weights: string; entities: unknown }>;
      tag(url: string): Promise<unknown>;
    };
  }
}

window.ostinato = {
  async train() {
    const { weights, entities } = await train();
    return { weights, entities };
  },
  tag: tagWith,
};
