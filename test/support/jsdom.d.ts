/** Only what is used. The package's own types bring the DOM's globals into every file of the project. */
declare module 'jsdom' {
  export class JSDOM {
    constructor(html: string);
    readonly window: { close(): void };
  }
}
