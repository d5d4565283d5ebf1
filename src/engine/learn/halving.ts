/** 2^-y without a call of pow: an integer step, a step of 1/1024, and two terms of the series for the rest. */
export class Halving {
  readonly #whole = Float64Array.from({ length: wholeSteps + 1 }, (_, i) => (i < wholeSteps ? 2 ** -i : 0));
  readonly #part = Float64Array.from({ length: partSteps }, (_, i) => 2 ** (-i / partSteps));

  /** 2^-y for y ≥ 0, relative error below 1e-10; 0 from y = 512 on. */
  of(y: number): number {
    if (y >= wholeSteps) return 0;
    const steps = (y * partSteps) | 0;
    const rest = (y - steps / partSteps) * Math.LN2;
    return (this.#whole[steps >>> partBits] as number) * (this.#part[steps & (partSteps - 1)] as number) * (1 - rest + rest * rest * 0.5);
  }
}

const wholeSteps = 512;
const partBits = 10;
const partSteps = 1 << partBits;
