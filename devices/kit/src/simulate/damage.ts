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

/** Harm to one frame on its way: a byte lost, a byte too many, a bit turned over. `offset` counts in the frame. */
export type FrameDamage =
  | { readonly kind: "drop"; readonly offset: number }
  | { readonly kind: "insert"; readonly offset: number; readonly byte: number }
  | { readonly kind: "flip"; readonly offset: number; readonly bit: number };

/** The frame as it arrives; a frame without damage arrives as it is. */
export function damagedFrame(frame: Iterable<number>, damage: FrameDamage | undefined): number[] {
  const bytes = [...frame];
  if (damage?.kind === "drop") bytes.splice(damage.offset, 1);
  if (damage?.kind === "insert") bytes.splice(damage.offset, 0, damage.byte);
  if (damage?.kind === "flip") bytes[damage.offset]! ^= 1 << damage.bit;
  return bytes;
}
