import { Observable, type Observer, Subscriber, type Subscription } from "rxjs";

type Next<T> = (value: T) => void;

/** An observable that shields its subscribers from one another: one that throws is reported and the others go on. */
class ShieldedObservable<T> extends Observable<T> {
  readonly #onThrow: (error: unknown) => void;
  constructor(subscribe: (subscriber: Subscriber<T>) => () => void, onThrow: (error: unknown) => void) {
    super(subscribe);
    this.#onThrow = onThrow;
  }

  override subscribe(observer?: Partial<Observer<T>> | Next<T> | null): Subscription;
  override subscribe(
    next?: Next<T> | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription;
  override subscribe(
    observer?: Partial<Observer<T>> | Next<T> | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    // Operators subscribe with a Subscriber of their own, which turns what they throw into an error of their chain.
    if (observer instanceof Subscriber) return super.subscribe(observer);
    const given: Partial<Observer<T>> =
      typeof observer === "function" || !observer
        ? { ...(observer && { next: observer }), ...(error && { error }), ...(complete && { complete }) }
        : observer;
    return super.subscribe({
      next: (value) => this.#guard(() => given.next?.(value)),
      error: (reason) => this.#guard(() => given.error?.(reason)),
      complete: () => this.#guard(() => given.complete?.()),
    });
  }

  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#onThrow(error);
    }
  }
}

/**
 * A hot observable with its source: values go to whoever subscribes at the time, and with `current` the last one also to
 * whoever comes later. Never errors. What a direct subscriber throws goes to `onThrow` and disturbs nobody; behind an
 * operator chain RxJS itself reports it (`config.onUnhandledError`).
 */
export class Broadcast<T> {
  readonly observable: Observable<T>;
  readonly #subscribers = new Set<Subscriber<T>>();
  readonly #current: { value: T } | undefined;
  #completed = false;

  constructor(onThrow: (error: unknown) => void, current?: { value: T }) {
    this.#current = current && { value: current.value };
    this.observable = new ShieldedObservable<T>((subscriber) => {
      if (this.#current) subscriber.next(this.#current.value);
      if (this.#completed) subscriber.complete();
      else this.#subscribers.add(subscriber);
      return () => this.#subscribers.delete(subscriber);
    }, onThrow);
  }

  next(value: T): void {
    if (this.#completed) return;
    if (this.#current) this.#current.value = value;
    for (const subscriber of this.#subscribers) subscriber.next(value);
  }

  complete(): void {
    this.#completed = true;
    for (const subscriber of [...this.#subscribers]) subscriber.complete();
    this.#subscribers.clear();
  }

  get nSubscribers(): number {
    return this.#subscribers.size;
  }
}
