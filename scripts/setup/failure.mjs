/** Something cannot be had or done. The message is one sentence a person can act on; `details` is a tool's own output. */
export class Failure extends Error {
  constructor(message, details = '') {
    super(message);
    this.name = 'Failure';
    this.details = details;
  }
}
