/** `97 %`: a share as verdicts say it. */
export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`
}

/** `1 CPU`, `2 CPUs` */
export function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

/** `0.35 ms`, `12 ms`: two digits. */
export function ms(seconds: number): string {
  return `${Number((seconds * 1e3).toPrecision(2))} ms`
}
