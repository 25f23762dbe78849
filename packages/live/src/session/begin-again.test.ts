import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { flow, pairSession, scripted } from "./scripted-session.test-support.ts";

test("a session that could not begin begins when what stood in the way is put right", async () => {
  const home = await mkdtemp(join(tmpdir(), "attune-again-"));
  const folder = join(home, "recordings");
  await writeFile(folder, "a file where a folder should be");
  const bench = scripted(pairSession(), { folder, analyse: true });
  const { session } = bench;
  try {
    await session.connect();
    await flow(bench, 3);
    await expect(session.begin()).rejects.toMatchObject({ code: "ATTUNE_SESSION" });
    expect(session.stage).toBe("monitoring");
    await rm(folder);
    await session.begin();
    expect(session.stage).toBe("running");
    expect(session.recording!.health.state).toBe("recording");
    session.phase("free-play");
    await session.end();
    expect(session.recording!.health.state).toBe("closed");
  } finally {
    await session.end();
    await rm(home, { recursive: true, force: true });
  }
});

test("what is asked to begin when it has ended, or connects after its end, stays ended and records nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "attune-ended-"));
  const bench = scripted(pairSession(), { folder });
  const { session, time } = bench;
  try {
    const connecting = session.connect();
    await session.end();
    await connecting;
    expect(session.stage).toBe("ended");
    await expect(session.begin()).rejects.toMatchObject({ code: "ATTUNE_SESSION", message: /has ended/ });
    expect(session.recording).toBeUndefined();
    expect(time.nTimers).toBe(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
