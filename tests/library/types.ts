// What a program in TypeScript says to the package: compiled, never run.
import { Signet, SignetError } from "signet";
import "signet/hand-sign";
import { load, type ClassProbability } from "signet/teachable";

const signet = await Signet.load({ base: "/signet/", model: new Blob([]), backend: "auto", onProgress: ({ loaded, total }) => loaded / total });
const answer = await signet.classify(new ImageData(64, 64), { localize: { left: 0, top: 0, side: 64 } });
const label: string = answer.label;
const share: number = answer.probabilities[label] ?? 0;
signet.watch(document.createElement("video"), ({ presence = 1 }) => console.log(presence, share), { onError: (error: SignetError) => console.log(error.code) }).stop();
const { weights } = await signet.fineTune([{ label: "rock", image: new Blob([]) }, { label: "paper", image: answer }], { scope: "head", epochs: 3 });
const { cells } = await signet.explain(answer, { label: "none" });
const classes: ClassProbability[] = await (await load(weights)).predict(document.createElement("canvas"), true);
console.log(cells.length, classes);
// @ts-expect-error no such option
await Signet.load({ bases: "/" });
// @ts-expect-error a text is no picture in a browser
await signet.classify("photo.jpg");
