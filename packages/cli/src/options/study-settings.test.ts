import { profileNamed } from "@attune/study";
import { describe, expect, test } from "vitest";
import { resolveSettings } from "./study-settings.ts";

const recommended = profileNamed("recommended").settings;

describe("a profile with overrides", () => {
  test("is the profile itself when nothing is overridden", () => {
    for (const profile of ["recommended", "leong2017", "babble"])
      expect(resolveSettings({ profile })).toEqual({
        profile,
        settings: profileNamed(profile).settings,
        notes: [],
      });
  });

  test("makes all bands primary when bands are given", () => {
    const bands = [{ name: "mu", low: 6, high: 9 }];
    expect(resolveSettings({ profile: "babble", bands }).settings).toMatchObject({
      bands,
      primaryBands: ["mu"],
    });
  });

  test.each([{ overlap: 0.5 }, { pooling: "perWindowMean" as const }, { estimator: "yule-walker" as const }])(
    "lets blockShuffle decide, and says so, when residuals cannot be exchanged: %o",
    (override) => {
      const { settings, notes } = resolveSettings({ profile: "recommended", ...override });
      expect(settings.primaryNull).toBe("blockShuffle");
      expect(settings.nulls).toEqual(recommended.nulls.filter((id) => id !== "residualShuffle"));
      expect(notes).toHaveLength(1);
    },
  );

  test("keeps the null that was chosen, and adds it to those that are drawn", () => {
    const { settings, notes } = resolveSettings({
      profile: "recommended",
      null: "allChannelShuffle",
      overlap: 0.5,
    });
    expect(settings.primaryNull).toBe("allChannelShuffle");
    expect(settings.nulls).toContain("allChannelShuffle");
    expect(notes).toEqual([]);
    expect(() => resolveSettings({ profile: "recommended", null: "residualShuffle", overlap: 0.5 })).toThrow(
      /--overlap 0/,
    );
  });

  test("gives the offline result a name of its own", () => {
    expect(resolveSettings({ profile: "recommended", offline: true })).toMatchObject({
      profile: "recommended (offline)",
      settings: { alignment: "offline" },
    });
  });

  test("does not require of a layer that it is in one state when its states are the conditions", () => {
    const layer = { person: "infant", layer: "gaze" };
    expect(resolveSettings({ profile: "recommended", layer }).settings.states).toMatchObject({
      ...layer,
      require: [],
    });
    const voice = { person: "adult", layer: "voice" };
    expect(resolveSettings({ profile: "recommended", layer: voice }).settings.states.require).toEqual(
      recommended.states.require,
    );
  });

  test("screens for the mains frequency that is notched out, and not for 0", () => {
    expect(resolveSettings({ profile: "recommended", notch: 60 }).settings).toMatchObject({
      filter: { notchHz: 60 },
      artefacts: { lineNoiseHz: 60 },
    });
    expect(resolveSettings({ profile: "recommended", notch: 0 }).settings.artefacts.lineNoiseHz).toBe(50);
  });
});
