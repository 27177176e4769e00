import type { Frame, Profile, ProfileSample } from '../profile.ts'

/** The first line of a sample: command, process or thread, time, period, event. */
const header = /^\S.*?\s+\d+(?:\/\d+)?\s.*?([\d.]+):\s+(?:\d+\s+)?\S+:/

/** A line of a stack: address, symbol with an offset, and the file that it is in. */
const frameLine = /^\s+[\da-f]+\s+(.*?)(?:\+0x[\da-f]+)?\s+\((.*)\)\s*$/

/**
 * The text that `perf script` prints, as a profile. Each sample counts for `period` µs: one divided by the frequency. A function
 * without a symbol is `[unknown]` in its file. Its seconds are those from the first sample to the last: perf takes some time
 * to start, and a process under load is sampled until the load ends.
 */
export function profileOfPerfScript(
  text: string,
  { period }: { readonly period: number },
): Profile {
  const frames: Frame[] = []
  const indexes = new Map<string, number>()
  const indexOf = (name: string, file: string): number => {
    const key = `${name}\0${file}`
    const found = indexes.get(key)
    if (found !== undefined) return found
    indexes.set(key, frames.length)
    frames.push({ name, file, line: 0 })
    return frames.length - 1
  }
  const stacks = new Map<string, { stack: readonly number[]; count: number }>()
  const times: number[] = []
  for (const sample of text.split(/\n\s*\n/)) {
    const [first = '', ...lines] = sample.replace(/^\n+/, '').split('\n')
    const [, time] = header.exec(first) ?? []
    if (time === undefined) continue
    times.push(Number(time))
    const stack = lines
      .flatMap((line) => {
        const [, name, file = ''] = frameLine.exec(line) ?? []
        return name === undefined ? [] : [indexOf(name, file)]
      })
      // perf prints the function that ran first.
      .toReversed()
    if (stack.length === 0) stack.push(indexOf('[unknown]', ''))
    const key = stack.join()
    const found = stacks.get(key) ?? { stack, count: 0 }
    found.count++
    stacks.set(key, found)
  }
  const samples = [...stacks.values()].map(
    ({ stack, count }): ProfileSample => ({ stack, value: count * period }),
  )
  // Not by arguments: there are thousands.
  const [begin, end] = times.reduce(
    ([least, most], at) => [Math.min(least, at), Math.max(most, at)],
    [times[0] ?? 0, times[0] ?? 0],
  )
  return { kind: 'cpu', unit: 'microseconds', seconds: end - begin, frames, samples }
}
