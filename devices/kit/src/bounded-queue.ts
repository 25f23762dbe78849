import { QueueOverflowError } from "./errors.ts";

/**
 * What happens when a consumer falls behind. `lossless`: overflow is an error and ends the queue (a recorder). `drop-oldest`:
 * the oldest go and are counted (an analysis). `latest`: only the newest is kept (a display).
 */
export type QueuePolicy = "lossless" | "drop-oldest" | "latest";

export interface BoundedQueueOptions<T> {
  readonly policy: QueuePolicy;
  /** Most that it holds, in units of `weigh`; 1 for `latest` unless said otherwise. */
  readonly capacity?: number;
  /** What an item takes of the capacity, such as its seconds; 1 for each by default. */
  readonly weigh?: (item: T) => number;
  /** Who the consumer is, for messages: `recorder`. */
  readonly name?: string;
  /** Called once per overflow of a lossless queue. */
  readonly onOverflow?: (error: QueueOverflowError) => void;
  /** Called with each item that is dropped. */
  readonly onDrop?: (item: T) => void;
}

/** Between a device, which never waits, and one consumer, which may. One consumer takes at a time. */
export class BoundedQueue<T> implements AsyncIterable<T> {
  readonly #options: BoundedQueueOptions<T>;
  readonly #capacity: number;
  #items: (T | undefined)[] = [];
  #head = 0;
  #weight = 0;
  #nDropped = 0;
  #closed = false;
  #error: QueueOverflowError | undefined;
  #waiting: { resolve: (item: T | undefined) => void; reject: (error: Error) => void } | undefined;

  constructor(options: BoundedQueueOptions<T>) {
    this.#options = options;
    this.#capacity = options.capacity ?? (options.policy === "latest" ? 1 : 512);
    if (!(this.#capacity > 0)) throw new RangeError(`BoundedQueue needs capacity > 0, got ${this.#capacity}`);
  }

  get size(): number {
    return this.#items.length - this.#head;
  }

  /** Sum of the weights of what it holds. */
  get weight(): number {
    return this.#weight;
  }

  /** Items that no consumer saw. */
  get nDropped(): number {
    return this.#nDropped;
  }

  /** Set when a lossless queue has overflowed. */
  get error(): QueueOverflowError | undefined {
    return this.#error;
  }

  /** Never waits. @returns false when the item was not taken: the queue is closed or has overflowed */
  push(item: T): boolean {
    if (this.#closed || this.#error) {
      if (this.#error) this.#drop(item);
      return false;
    }
    if (this.#waiting) {
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      resolve(item);
      return true;
    }
    const weight = this.#weigh(item);
    if (this.#options.policy === "lossless") {
      if (this.size > 0 && this.#weight + weight > this.#capacity) {
        this.#overflow(item);
        return false;
      }
    } else while (this.size > 0 && this.#weight + weight > this.#capacity) this.#drop(this.shift() as T);
    this.#items.push(item);
    this.#weight += weight;
    return true;
  }

  /** The oldest item, or undefined when there is none. */
  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const item = this.#items[this.#head] as T;
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length || this.#head > 1024) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    this.#weight = this.size === 0 ? 0 : this.#weight - this.#weigh(item);
    return item;
  }

  /**
   * The oldest item as soon as there is one; undefined when the queue was closed and is empty.
   * @throws QueueOverflowError once what a lossless queue held before it overflowed is taken
   */
  take(): Promise<T | undefined> {
    if (this.size > 0) return Promise.resolve(this.shift());
    if (this.#error) return Promise.reject(this.#error);
    if (this.#closed) return Promise.resolve(undefined);
    if (this.#waiting)
      return Promise.reject(new Error(`Two consumers take from the queue of ${this.#name} at once`));
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** Take no more; what it holds can still be taken. */
  close(): void {
    this.#closed = true;
    this.#waiting?.resolve(undefined);
    this.#waiting = undefined;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const item = await this.take();
      if (item === undefined) return;
      yield item;
    }
  }

  get #name(): string {
    return this.#options.name ?? "a consumer";
  }

  #weigh(item: T): number {
    return this.#options.weigh ? this.#options.weigh(item) : 1;
  }

  #drop(item: T): void {
    this.#nDropped++;
    this.#options.onDrop?.(item);
  }

  #overflow(item: T): void {
    this.#error = new QueueOverflowError(
      `The queue of ${this.#name} is full (${this.#capacity}) and it may lose nothing; free the disk or the processor it waits for, and start anew.`,
    );
    this.#drop(item);
    this.#options.onOverflow?.(this.#error);
  }
}
