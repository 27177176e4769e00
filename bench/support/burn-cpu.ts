import type { Picker } from '../../src/algorithms/algorithm.ts'

/** Milliseconds between two readings of the clock from which on the process was preempted: they do not count. */
const preemptedMs = 0.1

/** A picker that keeps the CPU busy for `seconds` at each pick: a regression of a known size. */
export function burnCpu(picker: Picker, seconds: number): Picker {
  if (seconds === 0) return picker
  return {
    ...picker,
    pick(choice) {
      let leftMs = seconds * 1000
      let lastMs = performance.now()
      while (leftMs > 0) {
        const nowMs = performance.now()
        if (nowMs - lastMs < preemptedMs) leftMs -= nowMs - lastMs
        lastMs = nowMs
      }
      return picker.pick(choice)
    },
  }
}
