import { promisify } from "node:util";
import type { SampleFormat } from "@attune/signal";
import koffi from "koffi";
import type { PeerValues } from "./messages.ts";

type Numbers = Exclude<PeerValues, readonly unknown[]>;
/** A C pointer as koffi hands it out. */
export type Pointer = bigint | null;

interface NumericCalls {
  pushSample(outlet: Pointer, data: Numbers, stamp: number, pushthrough: number): number;
  pushChunkLast(outlet: Pointer, data: Numbers, n: number, stamp: number, pushthrough: number): number;
  pushChunkEach(outlet: Pointer, data: Numbers, n: number, stamps: Float64Array, pushthrough: number): number;
  pullChunk(
    inlet: Pointer,
    data: Numbers,
    stamps: Float64Array,
    n: number,
    nStamps: number,
    timeout: number,
    error: Int32Array,
  ): number;
}

/** `lsl_channel_format_t` of `lsl/common.h`, and the letter in the names of the C functions. */
export const FORMATS: Readonly<
  Record<Exclude<SampleFormat, "string">, { code: number; letter: string; make: (n: number) => Numbers }>
> = {
  float32: { code: 1, letter: "f", make: (n) => new Float32Array(n) },
  double64: { code: 2, letter: "d", make: (n) => new Float64Array(n) },
  int32: { code: 4, letter: "i", make: (n) => new Int32Array(n) },
  int16: { code: 5, letter: "s", make: (n) => new Int16Array(n) },
  int8: { code: 6, letter: "c", make: (n) => new Int8Array(n) },
  int64: { code: 7, letter: "l", make: (n) => new BigInt64Array(n) },
};
export const STRING_CODE = 3;

/** liblsl's C functions, of those that the peer uses (`lsl_c.h`, or `lsl/outlet.h` and its neighbours since 1.13). */
export class Library {
  readonly version: () => number;
  readonly protocol: () => number;
  readonly clock: () => number;
  readonly createStreaminfo: (
    name: string,
    type: string,
    channels: number,
    rate: number,
    format: number,
    sourceId: string,
  ) => Pointer;
  readonly destroyStreaminfo: (info: Pointer) => void;
  readonly desc: (info: Pointer) => Pointer;
  readonly appendChild: (element: Pointer, name: string) => Pointer;
  readonly appendChildValue: (element: Pointer, name: string, value: string) => Pointer;
  readonly createOutlet: (info: Pointer, chunkSize: number, maxBuffered: number) => Pointer;
  readonly destroyOutlet: (outlet: Pointer) => void;
  readonly haveConsumers: (outlet: Pointer) => number;
  /** On a thread of its own: nothing else waits for it. */
  readonly resolveByPredicate: (
    results: Pointer[],
    n: number,
    predicate: string,
    minimum: number,
    timeout: number,
  ) => Promise<number>;
  readonly createInlet: (info: Pointer, maxBuffered: number, maxChunk: number, recover: number) => Pointer;
  readonly destroyInlet: (inlet: Pointer) => void;
  readonly openStream: (inlet: Pointer, timeout: number, error: Int32Array) => void;
  readonly timeCorrection: (inlet: Pointer, timeout: number, error: Int32Array) => number;
  readonly fullInfo: (inlet: Pointer, timeout: number, error: Int32Array) => Pointer;
  readonly pushStringsLast: (
    outlet: Pointer,
    data: readonly Uint8Array[],
    lengths: Uint32Array,
    n: number,
    stamp: number,
    pushthrough: number,
  ) => number;
  readonly pushStringsEach: (
    outlet: Pointer,
    data: readonly Uint8Array[],
    lengths: Uint32Array,
    n: number,
    stamps: Float64Array,
    pushthrough: number,
  ) => number;
  readonly pushStringSample: (
    outlet: Pointer,
    data: readonly Uint8Array[],
    lengths: Uint32Array,
    stamp: number,
    pushthrough: number,
  ) => number;
  readonly pullStrings: (
    inlet: Pointer,
    data: Pointer[],
    lengths: Uint32Array,
    stamps: Float64Array,
    n: number,
    nStamps: number,
    timeout: number,
    error: Int32Array,
  ) => number;
  readonly infoText: (
    info: Pointer,
    field: "name" | "type" | "source_id" | "uid" | "hostname" | "xml",
  ) => string;
  readonly infoNumber: (info: Pointer, field: "channel_count" | "nominal_srate" | "created_at") => number;
  readonly #numeric = new Map<string, NumericCalls>();
  readonly #lib: ReturnType<typeof koffi.load>;
  readonly #freeString: (pointer: Pointer) => void;

  constructor(path: string) {
    const lib = koffi.load(path);
    this.#lib = lib;
    this.version = lib.func("int lsl_library_version()") as never;
    this.protocol = lib.func("int lsl_protocol_version()") as never;
    this.clock = lib.func("double lsl_local_clock()") as never;
    this.createStreaminfo = lib.func(
      "void *lsl_create_streaminfo(str name, str type, int channels, double rate, int format, str sourceId)",
    ) as never;
    this.destroyStreaminfo = lib.func("void lsl_destroy_streaminfo(void *info)") as never;
    this.desc = lib.func("void *lsl_get_desc(void *info)") as never;
    this.appendChild = lib.func("void *lsl_append_child(void *element, str name)") as never;
    this.appendChildValue = lib.func(
      "void *lsl_append_child_value(void *element, str name, str value)",
    ) as never;
    this.createOutlet = lib.func(
      "void *lsl_create_outlet(void *info, int chunkSize, int maxBuffered)",
    ) as never;
    this.destroyOutlet = lib.func("void lsl_destroy_outlet(void *outlet)") as never;
    this.haveConsumers = lib.func("int lsl_have_consumers(void *outlet)") as never;
    const resolve = lib.func(
      "int lsl_resolve_bypred(_Out_ void **results, uint32_t n, str predicate, int minimum, double timeout)",
    );
    this.resolveByPredicate = promisify(resolve.async as never) as never;
    this.createInlet = lib.func(
      "void *lsl_create_inlet(void *info, int maxBuffered, int maxChunk, int recover)",
    ) as never;
    this.destroyInlet = lib.func("void lsl_destroy_inlet(void *inlet)") as never;
    this.openStream = lib.func("void lsl_open_stream(void *inlet, double timeout, int32_t *error)") as never;
    this.timeCorrection = lib.func(
      "double lsl_time_correction(void *inlet, double timeout, int32_t *error)",
    ) as never;
    this.fullInfo = lib.func("void *lsl_get_fullinfo(void *inlet, double timeout, int32_t *error)") as never;
    this.pushStringsLast = lib.func(
      "int lsl_push_chunk_buftp(void *outlet, const void **data, uint32_t *lengths, unsigned long n, double stamp, int pushthrough)",
    ) as never;
    this.pushStringsEach = lib.func(
      "int lsl_push_chunk_buftnp(void *outlet, const void **data, uint32_t *lengths, unsigned long n, const double *stamps, int pushthrough)",
    ) as never;
    this.pushStringSample = lib.func(
      "int lsl_push_sample_buftp(void *outlet, const void **data, uint32_t *lengths, double stamp, int pushthrough)",
    ) as never;
    this.pullStrings = lib.func(
      "unsigned long lsl_pull_chunk_buf(void *inlet, _Out_ void **data, uint32_t *lengths, double *stamps, unsigned long n, unsigned long nStamps, double timeout, int32_t *error)",
    ) as never;
    const freeString = lib.func("void lsl_destroy_string(void *text)") as unknown as (p: Pointer) => void;
    this.#freeString = freeString;
    this.infoText = (info, field) =>
      lib.func(`lsl_get_${field}`, "str", ["void *"])(info as never) as unknown as string;
    this.infoNumber = (info, field) =>
      lib.func(`lsl_get_${field}`, field === "channel_count" ? "int" : "double", ["void *"])(
        info as never,
      ) as unknown as number;
  }

  /** The bytes of a pulled string, which liblsl then frees. */
  takeString(pointer: Pointer, length: number): Uint8Array {
    const bytes =
      length === 0
        ? new Uint8Array(0)
        : Uint8Array.from(
            koffi.decode(pointer as never, koffi.array("uint8_t", length, "Typed")) as Uint8Array,
          );
    this.#freeString(pointer);
    return bytes;
  }

  numeric(format: Exclude<SampleFormat, "string">): NumericCalls {
    const { letter } = FORMATS[format];
    let calls = this.#numeric.get(letter);
    if (calls === undefined) {
      const lib = this.#lib;
      calls = {
        pushSample: lib.func(
          `int lsl_push_sample_${letter}tp(void *outlet, const void *data, double stamp, int pushthrough)`,
        ) as never,
        pushChunkLast: lib.func(
          `int lsl_push_chunk_${letter}tp(void *outlet, const void *data, unsigned long n, double stamp, int pushthrough)`,
        ) as never,
        pushChunkEach: lib.func(
          `int lsl_push_chunk_${letter}tnp(void *outlet, const void *data, unsigned long n, const double *stamps, int pushthrough)`,
        ) as never,
        pullChunk: lib.func(
          `unsigned long lsl_pull_chunk_${letter}(void *inlet, void *data, double *stamps, unsigned long n, unsigned long nStamps, double timeout, int32_t *error)`,
        ) as never,
      };
      this.#numeric.set(letter, calls);
    }
    return calls;
  }
}
