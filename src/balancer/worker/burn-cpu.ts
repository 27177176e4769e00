import type { Picker } from '../../algorithms/algorithm.ts'

/** Milliseconds between two looks at the clock from which on something else had the CPU: they are not counted. */
const robbedMs = 0.1

/**
 * A picker that keeps the CPU busy for so many seconds at each pick: a regression of a known size, to show that
 * a gate can fail. For tests only.
 */
export function burning(picker: Picker, seconds: number): Picker {
  if (seconds === 0) return picker
  return {
    ...picker,
    pick(choice) {
      let leftMs = seconds * 1000
      let lastMs = performance.now()
      while (leftMs > 0) {
        const nowMs = performance.now()
        if (nowMs - lastMs < robbedMs) leftMs -= nowMs - lastMs
        lastMs = nowMs
      }
      return picker.pick(choice)
    },
  }
}
