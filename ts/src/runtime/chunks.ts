/** The chunks of a stream. Not every browser's streams are async iterable. Stopping early cancels the stream. */
export async function* streamChunks<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Does nothing to a stream that has come to its end.
    await reader.cancel();
    reader.releaseLock();
  }
}
