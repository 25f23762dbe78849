/** What happens to one byte of the frames to come; `after` counts the bytes that pass unharmed before it. */
export type Damage =
  | { readonly kind: "drop"; readonly after: number }
  | { readonly kind: "insert"; readonly after: number; readonly byte: number }
  | { readonly kind: "flip"; readonly after: number; readonly bits: number };

/** Damages a stream of bytes at the places it was told. */
export class Damager {
  readonly #pending: { damage: Damage; after: number }[] = [];

  add(damage: Damage): void {
    this.#pending.push({ damage, after: damage.after });
  }

  apply(bytes: Uint8Array): Uint8Array {
    if (this.#pending.length === 0) return bytes;
    const out: number[] = [];
    for (const byte of bytes) {
      let sent: number | undefined = byte;
      for (let k = this.#pending.length - 1; k >= 0; k--) {
        const entry = this.#pending[k]!;
        if (entry.after-- > 0) continue;
        this.#pending.splice(k, 1);
        if (entry.damage.kind === "drop") sent = undefined;
        else if (entry.damage.kind === "insert") out.push(entry.damage.byte);
        else if (sent !== undefined) sent ^= entry.damage.bits;
      }
      if (sent !== undefined) out.push(sent);
    }
    return Uint8Array.from(out);
  }
}
