import { logistic } from "./elementwise.ts";
import { OnnxRefusal } from "./refusal.ts";

/** What becomes of the scores of a row (ai.onnx.ml, `post_transform`). */
export type PostTransform = "NONE" | "LOGISTIC" | "SOFTMAX" | "SOFTMAX_ZERO";

export function postTransformOf(name: string): PostTransform {
  if (name === "NONE" || name === "LOGISTIC" || name === "SOFTMAX" || name === "SOFTMAX_ZERO") return name;
  throw new OnnxRefusal(`the post_transform ${name} is not known`, "one of NONE, LOGISTIC, SOFTMAX, SOFTMAX_ZERO");
}

/** Changes the scores of one row in place. */
export function transformScores(scores: Float64Array, transform: PostTransform): void {
  if (transform === "NONE") return;
  if (transform === "LOGISTIC") {
    for (let i = 0; i < scores.length; i++) scores[i] = logistic(scores[i] as number);
    return;
  }
  // SOFTMAX_ZERO leaves out what is nought.
  const counts = (score: number): boolean => transform === "SOFTMAX" || Math.abs(score) > 1e-7;
  let largest = Number.NEGATIVE_INFINITY;
  for (const score of scores) largest = Math.max(largest, score);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number;
    scores[i] = counts(score) ? Math.exp(score - largest) : 0;
    sum += scores[i] as number;
  }
  if (sum > 0) for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] as number) / sum;
}

/** Scores of two classes of which a model computed one: `isChance` says that the score is a probability by itself. */
export function secondScore(score: number, transform: PostTransform, isChance: boolean): readonly [no: number, yes: number] {
  if (transform === "LOGISTIC") return [logistic(-score), logistic(score)];
  return isChance ? [1 - score, score] : [-score, score];
}
