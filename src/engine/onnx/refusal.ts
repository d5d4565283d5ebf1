/** Why a model is not used, and what to do about it. Thrown inside the room alone: `openOnnx` answers with it. */
export class OnnxRefusal extends Error {
  readonly mend: string;

  constructor(cause: string, mend = "export the model anew") {
    super(cause);
    this.mend = mend;
  }
}

export const damaged = (cause: string): OnnxRefusal => new OnnxRefusal(`the file is damaged: ${cause}`, "export it anew");
