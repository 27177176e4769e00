import { readFileSync } from 'node:fs'

/** Milliseconds of one bin of responses. */
const binMs = 100

/** Watches how many bytes a process reads, as an estimate of its responses over time. */
export interface ReadBytes {
  /** Ends the watch, and returns so many responses divided among the bins that have passed, as the bytes were. */
  end(responses: number): number[]
}

/**
 * Starts to watch the bytes that a process has read, every 100 ms: for a driver that reports no responses over time.
 * Source: `rchar`, in proc_pid_io(5).
 */
export function watchReadBytes(pid: number): ReadBytes {
  const begin = performance.now()
  const samples: { readonly ms: number; readonly bytes: number }[] = []
  const sample = (): void => {
    const bytes = bytesRead(pid)
    if (bytes !== undefined) samples.push({ ms: performance.now() - begin, bytes })
  }
  sample()
  const timer = setInterval(sample, binMs)
  return {
    end(responses) {
      clearInterval(timer)
      sample()
      return divided(samples, responses)
    },
  }
}

/** The responses of each bin: those up to its end, by linear interpolation of the bytes, less those before it. */
export function divided(
  samples: readonly { readonly ms: number; readonly bytes: number }[],
  responses: number,
): number[] {
  const [first, last] = [samples[0], samples.at(-1)]
  if (first === undefined || last === undefined || last.bytes === first.bytes) return []
  const bytesAt = (ms: number): number => {
    const next = samples.findIndex((one) => one.ms >= ms)
    const after = samples[next === -1 ? samples.length - 1 : next] ?? last
    const before = samples[Math.max(0, next - 1)] ?? first
    const share = after.ms === before.ms ? 1 : (ms - before.ms) / (after.ms - before.ms)
    return next === -1 ? last.bytes : before.bytes + share * (after.bytes - before.bytes)
  }
  const bins = Math.max(1, Math.round(last.ms / binMs))
  const until = Array.from({ length: bins + 1 }, (_, i) =>
    i === bins
      ? responses
      : Math.round((responses * (bytesAt(i * binMs) - first.bytes)) / (last.bytes - first.bytes)),
  )
  return until.slice(1).map((count, i) => count - (until[i] as number))
}

function bytesRead(pid: number): number | undefined {
  try {
    return Number(/^rchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'latin1'))?.[1])
  } catch {
    return undefined
  }
}
