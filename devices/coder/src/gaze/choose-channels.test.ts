import { describe, expect, test } from "vitest";
import { CoderError } from "../errors.ts";
import { chooseGazeChannels, type GazeChannel } from "./choose-channels.ts";

const channel = (label: string, unit = "", type?: string, eye?: string): GazeChannel => ({
  label,
  unit,
  ...(type === undefined ? {} : { type }),
  ...(eye === undefined ? {} : { eye }),
});

/** The 22 channels of the Pupil Capture relay, as it describes them. */
const pupil: GazeChannel[] = [
  channel("confidence", "normalized", "Confidence", "both"),
  channel("norm_pos_x", "normalized", "ScreenX", "both"),
  channel("norm_pos_y", "normalized", "ScreenY", "both"),
  ...["x", "y", "z"].map((a) => channel(`gaze_point_3d_${a}`, "mm", `Direction${a.toUpperCase()}`, "both")),
  ...[0, 1].flatMap((eye) =>
    ["x", "y", "z"].map((a) =>
      channel(`eye_center${eye}_3d_${a}`, "mm", `Position${a.toUpperCase()}`, ["right", "left"][eye]),
    ),
  ),
  ...[0, 1].flatMap((eye) =>
    ["x", "y", "z"].map((a) =>
      channel(`gaze_normal${eye}_${a}`, "mm", `Position${a.toUpperCase()}`, ["right", "left"][eye]),
    ),
  ),
  ...[0, 1].map((eye) => channel(`diameter${eye}_2d`, "pixels", "Diameter", ["right", "left"][eye])),
  ...[0, 1].map((eye) => channel(`diameter${eye}_3d`, "mm", "Diameter", ["right", "left"][eye])),
];
const plain = (channels: readonly GazeChannel[]): GazeChannel[] =>
  channels.map(({ label, unit }) => ({ label, unit }));

/** One eye of a Tobii through TittaLSL, in the order in which it sends. */
const titta = (eye: "left" | "right"): GazeChannel[] => [
  channel(`x.position_on_display_area.gaze_point.${eye}_eye`, "normalized", "ScreenX", eye),
  channel(`y.position_on_display_area.gaze_point.${eye}_eye`, "normalized", "ScreenY", eye),
  ...["x", "y", "z"].map((a) =>
    channel(
      `${a}.position_in_user_coordinates.gaze_point.${eye}_eye`,
      "mm",
      `Intersection${a.toUpperCase()}`,
      eye,
    ),
  ),
  channel(`valid.gaze_point.${eye}_eye`, "bool", "ValidFlag", eye),
  channel(`available.gaze_point.${eye}_eye`, "bool", "AvailableFlag", eye),
  channel(`diameter.pupil.${eye}_eye`, "mm", "Diameter", eye),
  channel(`valid.pupil.${eye}_eye`, "bool", "ValidFlag", eye),
  ...["x", "y", "z"].map((a) =>
    channel(
      `${a}.position_in_track_box_coordinates.gaze_origin.${eye}_eye`,
      "normalized",
      `Pupil${a.toUpperCase()}`,
      eye,
    ),
  ),
  channel(`valid.gaze_origin.${eye}_eye`, "bool", "ValidFlag", eye),
];

describe("Pupil Capture", () => {
  test("has 22 channels; the point of gaze and its confidence are found by type, and said", () => {
    expect(pupil.length).toBe(22);
    expect(chooseGazeChannels({ name: "pupil_capture", channels: pupil })).toEqual({
      eyes: [{ x: 1, y: 2, confidence: 0 }],
      coordinates: "normalised",
      chosen: "norm_pos_x (channel 2) and norm_pos_y (channel 3), confidence confidence (channel 1)",
    });
  });

  test("in any order of channels, and by label where types were not kept", () => {
    const reversed = [...pupil].reverse();
    const expected = { eyes: [{ x: 20, y: 19, confidence: 21 }] };
    expect(chooseGazeChannels({ name: "p", channels: reversed })).toMatchObject(expected);
    expect(chooseGazeChannels({ name: "p", channels: plain(reversed) })).toMatchObject(expected);
  });
});

describe("others", () => {
  test("Neon: x and y in pixels of the scene camera, whatever eye state comes along", () => {
    const channels = [
      channel("x", "pixels"),
      channel("y", "pixels"),
      ...["PupilDiameterLeft", "EyeballCenterLeftX", "OpticalAxisLeftX", "PupilDiameterRight"].map((l) =>
        channel(l, "mm"),
      ),
    ];
    expect(chooseGazeChannels({ name: "Neon Companion_Neon Gaze", channels })).toEqual({
      eyes: [{ x: 0, y: 1 }],
      coordinates: "pixels",
      chosen: "x (channel 1) and y (channel 2)",
    });
  });

  test("TittaLSL: both eyes on the display, each with its own validity; not the point in millimetres", () => {
    const channels = [...titta("left"), ...titta("right")];
    const n = titta("left").length;
    const expected = {
      eyes: [
        { x: 0, y: 1, valid: 5 },
        { x: n, y: n + 1, valid: n + 5 },
      ],
      coordinates: "normalised",
    };
    expect(chooseGazeChannels({ name: "Tobii_gaze", channels })).toMatchObject(expected);
    expect(chooseGazeChannels({ name: "Tobii_gaze", channels: plain(channels) })).toMatchObject(expected);
  });

  test("Tobii Pro's own labels", () => {
    const channels = ["left", "right"].flatMap((eye) => [
      channel("device_time_stamp"),
      channel(`${eye}_gaze_point_on_display_area_x`),
      channel(`${eye}_gaze_point_on_display_area_y`),
      channel(`${eye}_gaze_point_valid`),
    ]);
    expect(chooseGazeChannels({ name: "tobii", channels })).toMatchObject({
      eyes: [
        { x: 1, y: 2, valid: 3 },
        { x: 5, y: 6, valid: 7 },
      ],
      coordinates: "unknown",
    });
  });

  test("head yaw is found where the stream has it", () => {
    const channels = [channel("gaze_x", "px"), channel("gaze_y", "px"), channel("head_yaw", "deg")];
    expect(chooseGazeChannels({ name: "g", channels })).toMatchObject({ yaw: 2, coordinates: "pixels" });
  });

  test("a stream without a point of gaze is refused with its channels", () => {
    const channels = [channel("gaze_point_3d_x", "mm"), channel("gaze_point_3d_y", "mm"), channel("x", "px")];
    expect(() => chooseGazeChannels({ name: "pupil", channels })).toThrow(CoderError);
    expect(() => chooseGazeChannels({ name: "pupil", channels })).toThrow(
      /"pupil" has no point of gaze among its channels \(gaze_point_3d_x, gaze_point_3d_y, x\).*norm_pos_x/,
    );
  });

  test("two points of gaze of the same eye are not guessed between", () => {
    const channels = [0, 1].flatMap(() => [channel("a", "px", "ScreenX"), channel("b", "px", "ScreenY")]);
    expect(() => chooseGazeChannels({ name: "two", channels })).toThrow(/several points of gaze/);
  });
});
