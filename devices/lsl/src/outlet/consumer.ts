import type { Socket } from "node:net";
import type { ConsumerQueue } from "../wire/consumer-queue.ts";
import type { EncodedBatch } from "../wire/sample-encoder.ts";

/** One receiver of samples: its queue, and its socket, which is given more only when it has sent what it had. */
export class Consumer {
  readonly #socket: Socket;
  readonly #queue: ConsumerQueue;
  #blocked = false;
  #ending = false;

  constructor(socket: Socket, queue: ConsumerQueue) {
    this.#socket = socket;
    this.#queue = queue;
    socket.on("drain", () => {
      this.#blocked = false;
      this.#send();
    });
  }

  push(batch: EncodedBatch): void {
    this.#queue.push(batch);
    this.#send();
  }

  /** Sends what is left, then ends the connection. */
  end(): void {
    this.#ending = true;
    this.#queue.release();
    this.#send();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #send(): void {
    if (this.#blocked || this.#socket.destroyed) return;
    this.#socket.cork();
    for (;;) {
      const bytes = this.#queue.next();
      if (!bytes) {
        if (this.#ending && !this.#socket.writableEnded) this.#socket.end();
        break;
      }
      if (this.#socket.write(bytes)) continue;
      this.#blocked = true;
      break;
    }
    this.#socket.uncork();
  }
}
