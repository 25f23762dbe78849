/** The parts of the WebAssembly interface that are used here; this package is compiled without a host's types. */
interface WebAssemblyHost {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

/**
 * Compiles a module and makes its one instance, synchronously; the modules of this package are a few kilobytes.
 *
 * @param hex the module's bytes in hexadecimal
 * @returns its exports; undefined where the host has no WebAssembly with vectors, or its content policy forbids it. The plain
 *   twin of every compiled function gives the same bits
 */
export function instantiate<Exports>(hex: string): Exports | undefined {
  const host = (globalThis as { readonly WebAssembly?: WebAssemblyHost }).WebAssembly;
  if (host === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    return new host.Instance(new host.Module(bytes)).exports as Exports;
  } catch {
    return undefined;
  }
}
