import type { RequestListener } from 'node:http';

/** Answers requests with a listener that takes long to load; those that come before it wait for it. */
export class LateListener {
  private loaded: RequestListener | undefined;
  private waiting: (() => void)[] = [];

  private readonly loader: () => Promise<RequestListener>;

  constructor(loader: () => Promise<RequestListener>) {
    this.loader = loader;
  }

  readonly listener: RequestListener = (request, response) => {
    if (this.loaded === undefined) this.waiting.push(() => this.loaded?.(request, response));
    else this.loaded(request, response);
  };

  /** Loads the listener and lets it answer those that wait. */
  async load(): Promise<void> {
    this.loaded = await this.loader();
    for (const answer of this.waiting) answer();
    this.waiting = [];
  }
}
