/** Flags of `lb ci` for an A/B run under `burnEnv` in which only the head burns. */
export const headBurns: readonly string[] = [
  ...['--base-config', '{"algorithm":"round-robin-as-shipped"}'],
  ...['--head-config', '{}'],
]

/**
 * Environment variables for `lb`, with which its balancers waste `seconds` of CPU on each request: they preload
 * preload-burn-cpu.ts. Needs a build.
 */
export function burnEnv(seconds: number): NodeJS.ProcessEnv {
  const preload = new URL('./preload-burn-cpu.ts', import.meta.url)
  return {
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${preload.href}`,
    LB_BURN_SECONDS: `${seconds}`,
  }
}
