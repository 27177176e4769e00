import type { Picker } from '../algorithms/algorithm.ts'

/**
 * A picker that keeps the CPU busy for so many seconds at each pick: a regression of a known size, to show that
 * a gate can fail. For tests only.
 */
export function burning(picker: Picker, seconds: number): Picker {
  if (seconds === 0) return picker
  return {
    ...picker,
    pick(choice) {
      const end = performance.now() + seconds * 1000
      while (performance.now() < end) {}
      return picker.pick(choice)
    },
  }
}
