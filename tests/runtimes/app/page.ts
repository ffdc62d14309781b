import { tagWith, train } from './training.js';

declare global {
  interface Window {
    /** What the test asks this page to do. */
    ostinato: {
      train(): Promise<Omit<Awaited<ReturnType<typeof train>>, 'file'>>;
      tag(url: string): Promise<unknown>;
    };
  }
}

window.ostinato = {
  async train() {
    const { file, ...result } = await train();
    return result;
  },
  tag: tagWith,
};
