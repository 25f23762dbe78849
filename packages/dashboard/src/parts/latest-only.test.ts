import fc from "fast-check";
import { expect, test } from "vitest";
import { LatestOnly } from "./latest-only.ts";

/** Answers when it is told to. */
function slow() {
  const asked: number[] = [];
  const answers: (() => void)[] = [];
  const latest = new LatestOnly<number>((wish) => {
    asked.push(wish);
    return new Promise<void>((resolve) => answers.push(resolve));
  });
  const answer = async () => {
    answers.shift()?.();
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { latest, asked, answers, answer };
}

test("the first wish is asked for at once, and of those that come meanwhile only the last", async () => {
  const { latest, asked, answer } = slow();
  for (const wish of [1, 2, 3, 4]) latest.want(wish);
  expect(asked).toEqual([1]);
  await answer();
  expect(asked).toEqual([1, 4]);
  await answer();
  latest.want(5);
  expect(asked).toEqual([1, 4, 5]);
});

test("an answer that fails does not keep the next wish back", async () => {
  const asked: number[] = [];
  const latest = new LatestOnly<number>((wish) => {
    asked.push(wish);
    return wish === 1 ? Promise.reject(new Error("the connection broke")) : Promise.resolve();
  });
  latest.want(1);
  latest.want(2);
  await expect.poll(() => asked).toEqual([1, 2]);
});

test("whatever comes in whatever order, the last wish is the last that is asked for and never two at a time", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), async (steps) => {
      const { latest, asked, answers, answer } = slow();
      let wish = 0;
      for (const isWish of steps) {
        if (isWish) latest.want(++wish);
        else await answer();
        expect(answers.length).toBeLessThanOrEqual(1);
      }
      while (answers.length > 0) await answer();
      expect(asked.at(-1)).toBe(wish === 0 ? undefined : wish);
      expect(asked).toEqual([...asked].sort((a, b) => a - b));
    }),
  );
});
