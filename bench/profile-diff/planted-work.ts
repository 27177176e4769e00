import type { Picker } from '../../src/algorithms/algorithm.ts'

/** Keeps the results of the loops from being left out by the compiler. */
let sink = 0

/** Arithmetic without a call: its time is that of its own frame. */
function plantedWork(rounds: number): void {
  let x = sink | 1
  for (let i = 0; i < rounds; i++) x = (Math.imul(x, 1_103_515_245) + 12_345) & 0x7fffffff
  sink = x
}

/** Rounds that take so many µs on this host: by the fastest of several measurements, after V8 has compiled the loop. */
export function roundsFor(micros: number): number {
  const sample = 200_000
  const times = Array.from({ length: 30 }, () => {
    const begunMs = performance.now()
    plantedWork(sample)
    return performance.now() - begunMs
  })
  return Math.round((micros * sample) / (1000 * Math.min(...times)))
}

/** A picker that works for so many rounds at each pick. */
export function withPlantedWork(picker: Picker, rounds: number): Picker {
  return {
    ...picker,
    pick(choice) {
      plantedWork(rounds)
      return picker.pick(choice)
    },
  }
}
