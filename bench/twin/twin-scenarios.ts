/** Kinds of backends, whose service times are measured before: one request at a time is never delayed by another. */
export const services = {
  exponential: 'exponential 6ms',
  lognormal: 'lognormal 5ms 0.6',
  fixed: '5ms',
  slow: 'exponential 18ms',
} as const
export type ServiceName = keyof typeof services

/** Equal backends of a scenario. */
interface Group {
  readonly count: number
  readonly service: ServiceName
  readonly servers: number
  readonly weight?: number
}

/** A scenario that the twin predicts: none of them was used to fit it. */
export interface TwinScenario {
  readonly algorithm: string
  readonly load: number
  readonly groups: readonly Group[]
}

const equal = (count: number, service: ServiceName, servers: number): Group[] => [
  { count, service, servers },
]
const mixed: readonly Group[] = [
  { count: 2, service: 'exponential', servers: 2, weight: 3 },
  { count: 1, service: 'slow', servers: 2, weight: 1 },
]

/** Algorithms, loads, distributions, servers and numbers of backends (up to eight) in different combinations. */
export const twinScenarios: readonly TwinScenario[] = [
  { algorithm: 'round-robin', load: 0.5, groups: equal(4, 'exponential', 1) },
  { algorithm: 'round-robin', load: 0.7, groups: equal(3, 'exponential', 2) },
  { algorithm: 'round-robin', load: 0.6, groups: equal(4, 'lognormal', 1) },
  { algorithm: 'round-robin', load: 0.7, groups: equal(8, 'fixed', 1) },
  { algorithm: 'random', load: 0.5, groups: equal(4, 'exponential', 2) },
  { algorithm: 'random', load: 0.6, groups: equal(4, 'fixed', 1) },
  { algorithm: 'least-connections', load: 0.7, groups: equal(4, 'exponential', 1) },
  { algorithm: 'least-connections', load: 0.8, groups: equal(8, 'lognormal', 1) },
  { algorithm: 'two-choices', load: 0.7, groups: equal(8, 'exponential', 1) },
  { algorithm: 'two-choices', load: 0.6, groups: equal(4, 'lognormal', 2) },
  { algorithm: 'weighted', load: 0.6, groups: mixed },
  { algorithm: 'weighted-least-connections', load: 0.7, groups: mixed },
  { algorithm: 'weighted-random', load: 0.5, groups: mixed },
  { algorithm: 'peak-ewma', load: 0.6, groups: equal(6, 'exponential', 2) },
  { algorithm: 'least-connections', load: 0.6, groups: equal(5, 'fixed', 1) },
  { algorithm: 'round-robin', load: 0.8, groups: equal(6, 'lognormal', 2) },
]
