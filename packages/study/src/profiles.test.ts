import { describe, expect, test } from "vitest";
import { StudyError } from "./errors.ts";
import { montage } from "./example-windows.test-support.ts";
import { profileNamed, profiles } from "./profiles.ts";
import { studySettingsSchema } from "./settings.ts";
import { validateSettings } from "./validate-settings.ts";

const names = profiles.map(({ name }) => name);
const settingsOf = (name: string) => profileNamed(name).settings;

describe.each(names)("the profile %s", (name) => {
  const profile = profileNamed(name);

  test("is a full set of settings, to which parsing adds and takes away nothing", () => {
    expect(studySettingsSchema.strict().parse(profile.settings)).toEqual(profile.settings);
  });

  test("can be used with as many channels a head as it prefers", () => {
    const nChannels = profile.settings.preferredChannels.length;
    const people = [montage("adult", "adult", nChannels), montage("infant", "infant", nChannels)];
    expect(() => validateSettings(profile.settings, people)).not.toThrow();
  });

  test("draws 1000 surrogates, compares theta 3-6 Hz and alpha 6-9 Hz, and asks for ten clean seconds", () => {
    const { nSurrogates, bands, minimumCleanSeconds } = profile.settings;
    expect(nSurrogates).toBe(1000);
    expect(minimumCleanSeconds).toBe(10);
    const [theta, alpha] = ["theta", "alpha"].map((band) => bands.find((each) => each.name === band)!);
    expect([Math.floor(theta!.low), theta!.high]).toEqual([3, 6]);
    expect([Math.floor(alpha!.low), alpha!.high]).toEqual([6, 9]);
  });

  test("says nothing of replication but that it is none", () => {
    expect(profile.description.replace(/not a replication/g, "")).not.toMatch(/replicat/i);
  });
});

describe("what the profiles have from where they come from", () => {
  test("leong2017: two central sites, 1 s windows with half overlap, order 5 at 200 Hz, below 45 Hz, 100 microvolts", () => {
    expect(settingsOf("leong2017")).toMatchObject({
      preferredChannels: ["C3", "C4"],
      analysisRate: 200,
      filter: { lowPassHz: 45 },
      window: { seconds: 1, overlap: 0.5 },
      model: { order: 5, pooling: "perWindowMean" },
      measure: "gpdcSquared",
      artefacts: { amplitudeMicrovolts: { adult: 100, infant: 100 } },
    });
  });

  test("babble: nine sites, 1.5 s windows with half overlap, order 7, TSA mode 7, 0.1-45 Hz, 150 microvolts, 256 bins", () => {
    expect(settingsOf("babble")).toMatchObject({
      preferredChannels: ["F3", "Fz", "F4", "C3", "Cz", "C4", "P3", "Pz", "P4"],
      reference: "average",
      analysisRate: 200,
      filter: { highPassHz: 0.1, lowPassHz: 45 },
      window: { seconds: 1.5, overlap: 0.5 },
      model: { estimator: "biosig7", order: 7, pooling: "perWindowMean" },
      measure: "gpdcSquared",
      frequencyBins: 256,
      artefacts: { amplitudeMicrovolts: { adult: 150, infant: 150 } },
      primaryBands: ["alpha"],
    });
  });

  test("babble: the bins of its bands are those of the published code", () => {
    const { bands, frequencyBins, analysisRate } = settingsOf("babble");
    const binsOf = (name: string) => {
      const { low, high } = bands.find((band) => band.name === name)!;
      const inside = Array.from({ length: frequencyBins }, (_, k) => k).filter((k) => {
        const frequency = (k * analysisRate) / (2 * frequencyBins);
        return frequency >= low && frequency <= high;
      });
      return [inside[0], inside.at(-1)];
    };
    expect(binsOf("theta")).toEqual([8, 15]);
    expect(binsOf("alpha")).toEqual([16, 23]);
  });

  test("recommended: one reference a head, two sites, pooled least squares, 150 and 100 microvolts", () => {
    expect(settingsOf("recommended")).toMatchObject({
      reference: "as-recorded",
      preferredChannels: ["C3", "C4"],
      model: { estimator: "ols", pooling: "pooled" },
      window: { overlap: 0 },
      primaryNull: "residualShuffle",
      artefacts: { amplitudeMicrovolts: { adult: 100, infant: 150 } },
    });
  });

  test("leong2017 and babble say that they are no replications", () => {
    expect(profileNamed("leong2017").description).toMatch(/not a replication/);
    expect(profileNamed("babble").description).toMatch(/not a replication/);
  });
});

describe("a profile by its name", () => {
  test("that does not exist is refused with those that do", () => {
    expect(() => profileNamed("best")).toThrow(StudyError);
    expect(() => profileNamed("best")).toThrow(
      'There is no profile "best": choose one of recommended, leong2017, babble.',
    );
  });
});
