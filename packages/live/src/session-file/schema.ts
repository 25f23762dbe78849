import { z } from "zod";

/** A participant or dyad code. Names, dates of birth and spaces do not fit through it. */
const code = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, "a code of letters, digits, - and _, such as dyad-012");

const identifier = z.string().regex(/^[a-z][a-z0-9-]*$/, "a word of small letters, digits and -");

const personSchema = z
  .strictObject({
    id: identifier.describe("How results name this person: adult, infant, infant-2"),
    role: z
      .enum(["adult", "infant", "child"])
      .describe("Decides amplitude limits and how pictures show them"),
  })
  .describe("One participant, by code only");

const deviceSchema = z
  .looseObject({
    kind: z.string().describe("Kind of device: one that `attune streams` lists"),
    optional: z
      .boolean()
      .default(false)
      .describe("The session may start without it; everything else must be there"),
  })
  .describe("One device; further keys are the settings of its kind");

const assignmentSchema = z
  .strictObject({
    person: identifier.describe("Who wears it"),
    signal: z
      .enum(["eeg", "ecg", "respiration", "eda", "gaze", "audio", "other"])
      .describe(
        "What these channels measure. Coupling is computed from eeg, hearts from ecg, breathing from respiration, voice from audio; the rest is recorded",
      ),
    device: identifier.describe("A key under `devices`"),
    stream: z.string().optional().describe("Name of the stream, where the device delivers several"),
    channels: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(
        "Labels, in model order; the profile's preferred sites where nothing is said. Of ecg, respiration and audio the first one is used",
      ),
  })
  .describe("Which channels of which device belong to whom");

const layerSchema = z
  .strictObject({
    person: identifier.describe("Whose behaviour it is, or `session`"),
    layer: identifier.describe("gaze, voice, touch, phase ..."),
    mode: z
      .enum(["toggle", "hold"])
      .default("toggle")
      .describe("toggle: a key press sets the state; hold: it lasts while the key is held"),
    initial: z.string().default("unknown").describe("State until the first key, and after a held key"),
    states: z
      .record(z.string(), z.string().min(1))
      .describe("State -> key. Within one layer exactly one state holds at a time"),
  })
  .describe("One exclusive layer of behaviour that is coded by keys");

const phaseSchema = z.strictObject({
  name: z.string().min(1).describe("baseline, free-play, still-face ..."),
  plannedSeconds: z.number().positive().optional().describe("Planned duration, for the clock on the screen"),
});

/** @param series how the measure's series is called in its description */
const covariationSchema = (windowSeconds: number, maxLagSeconds: number, series: string) =>
  z
    .strictObject({
      windowSeconds: z.number().int().min(10).max(600).default(windowSeconds),
      stepSeconds: z.number().int().min(1).max(600).default(10).describe("From one window to the next"),
      maxLagSeconds: z
        .number()
        .int()
        .min(0)
        .max(60)
        .default(maxLagSeconds)
        .describe("How far the hearts are moved against each other, both ways"),
    })
    .prefault({})
    .describe(`Windows of the covariation of ${series}`);

const heartsSchema = z
  .strictObject({
    layers: z
      .array(z.string().regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/, "person.layer, such as adult.touch"))
      .optional()
      .describe(
        "Layers by whose states covariation is split, as person.layer; where nothing is said the one that the profile looks at, session.phase and session.mutual-gaze, as far as the session has them",
      ),
    interbeat: covariationSchema(30, 3, "interbeat intervals, the declared primary measure"),
    rsa: covariationSchema(60, 15, "respiratory sinus arrhythmia"),
    nullSeconds: z
      .number()
      .int()
      .min(0)
      .max(7200)
      .default(600)
      .describe("How much of the past serves as a null on the screen; 0 for none, else at least 20"),
  })
  .prefault({})
  .describe("Hearts, where people have an ecg");

const networkSchema = z.strictObject({
  host: z.string().default("127.0.0.1").describe("Loopback unless told otherwise"),
  port: z.number().int().min(0).max(65535),
});

const markersSchema = z
  .strictObject({
    device: identifier.describe("A key under `devices`"),
    layers: z
      .array(z.string().regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/, "person.layer, such as infant.gaze"))
      .describe("Layers that it tells; the one that the profile looks at where nothing is said"),
  })
  .describe("A device that tells states, and which");

const area = { name: z.string().min(1), state: z.string().min(1).describe("partner, direct, object ...") };
const areaSchema = z
  .union([
    z.strictObject({
      ...area,
      rectangle: z.strictObject({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
    }),
    z.strictObject({ ...area, polygon: z.array(z.tuple([z.number(), z.number()])).min(3) }),
  ])
  .describe("An area of interest: a rectangle or a polygon, with the state while the eyes are in it");

const trackerSchema = z
  .strictObject({
    device: identifier.describe("A key under `devices`: an eye tracker"),
    stream: z.string().optional().describe("Name of its stream, where it delivers several"),
    person: identifier.describe("Whose eyes they are"),
    layer: identifier.default("gaze"),
    coordinates: z.enum(["normalised", "pixels"]).describe("Coordinates of the areas"),
    outside: z.string().describe("State while the eyes are in no area: away, averted"),
    areas: z.array(areaSchema).min(1).describe("The first that holds the point of gaze counts"),
    headYaw: z
      .boolean()
      .default(false)
      .describe(
        "Divide direct by the turn of the head, where the tracker tells it: beyond 10 degrees direct-oblique",
      ),
  })
  .describe("An eye tracker as a layer of states");

/** One session, as a file says it. */
export const sessionSchema = z
  .strictObject({
    session: code.describe("Code of the dyad and visit, such as dyad-012-v1: never a name or a birth date"),
    people: z.array(personSchema).min(1),
    devices: z.record(identifier, deviceSchema).describe("Name of your choice -> device"),
    streams: z.array(assignmentSchema).describe("Which channels belong to whom"),
    coding: z
      .strictObject({
        latencySeconds: z
          .number()
          .min(0)
          .max(2)
          .default(0.3)
          .describe("How late a person presses a key; written into the recording, never applied silently"),
        layers: z.array(layerSchema).default([]),
      })
      .prefault({})
      .describe("Behaviour that is coded by keys during the session"),
    markers: z
      .array(z.union([identifier, markersSchema]))
      .default([])
      .describe(
        "Devices that tell states: markers such as person.layer=state or JSON, or states of their own",
      ),
    trackers: z.array(trackerSchema).default([]).describe("Eye trackers whose gaze becomes states"),
    mutualGaze: z
      .boolean()
      .default(false)
      .describe(
        "Derive session.mutual-gaze (mutual, none, unknown) from the gaze of the first adult and the first infant; it is known half a second late",
      ),
    phases: z.array(phaseSchema).default([]),
    analysis: z
      .strictObject({
        profile: z.string().default("recommended").describe("recommended, leong2017 or babble"),
        settings: z
          .record(z.string(), z.unknown())
          .default({})
          .describe("Single settings that differ from the profile"),
        running: z
          .strictObject({
            forgettingSeconds: z.number().positive().default(30),
            solveEverySeconds: z.number().positive().default(0.5),
            nullEverySeconds: z.number().positive().default(15),
            nSurrogates: z.number().int().min(19).default(59),
            bankWindows: z.number().int().min(10).default(60),
          })
          .prefault({})
          .describe("The running estimate: time constant, how often it is solved and tested"),
        hearts: heartsSchema,
      })
      .prefault({}),
    recording: z
      .strictObject({
        folder: z.string().default("recordings").describe("Where to record, relative to this file"),
        name: z
          .string()
          .regex(/^[A-Za-z0-9_{}-]+$/, "letters, digits, - and _")
          .default("{session}")
          .describe("File name without extension; {session} stands for the code"),
        minimumDiskMinutes: z
          .number()
          .positive()
          .default(60)
          .describe("Less than this left on the disk is red"),
      })
      .prefault({}),
    impedanceMaxAgeMinutes: z
      .number()
      .positive()
      .optional()
      .describe("Ask for an impedance check no older than this, of devices that can measure it"),
    outputs: z
      .strictObject({
        lsl: z
          .union([z.boolean(), z.literal("network")])
          .default(false)
          .describe(
            "Coupling as an outlet of Lab Streaming Layer: true for programs on this machine, network for others too",
          ),
        osc: networkSchema.optional().describe("Coupling and hearts as OSC messages under /attune/"),
        websocket: networkSchema
          .extend({
            token: z.string().min(16).optional().describe("Needed for any host but loopback"),
          })
          .optional()
          .describe("Coupling as JSON over WebSocket"),
      })
      .prefault({})
      .describe("Where results go beside the screen; nothing leaves the machine unless this says so"),
  })
  .describe("A session of Attune");

export type SessionFile = z.infer<typeof sessionSchema>;
export type LayerSetting = SessionFile["coding"]["layers"][number];
export type TrackerSetting = SessionFile["trackers"][number];
export type StreamAssignment = SessionFile["streams"][number];

/** For editors: completion and checks while typing. */
export const sessionJsonSchema = (): unknown =>
  z.toJSONSchema(sessionSchema, { io: "input", target: "draft-2020-12" });

/** Devices that tell states, with the layers that they are said to tell. */
export const markersOf = (
  file: SessionFile,
): readonly { readonly device: string; readonly layers: readonly string[] | undefined }[] =>
  file.markers.map((each) => (typeof each === "string" ? { device: each, layers: undefined } : each));
