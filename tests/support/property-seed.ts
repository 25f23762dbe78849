import fc from "fast-check";

/**
 * Properties are checked on the same examples in every run, so that a red run is about the change and not about luck.
 * `ATTUNE_PROPERTY_SEED=7 pnpm test` looks at others.
 */
fc.configureGlobal({ seed: Number(process.env.ATTUNE_PROPERTY_SEED ?? 1) });
