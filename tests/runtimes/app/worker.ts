import { trainWithThreads } from './training.js';

trainWithThreads().then(
  (results) => postMessage(results),
  (error: Error) => postMessage({ error: `${error.name}: ${error.message}` }),
);
