import { nearest } from '../kit/nearest.ts'
import { ownValue } from '../kit/own-value.ts'
import { fieldNamed } from './field-names.ts'

/** Settings of other load generators, and the setting of lb for the same purpose. */
const elsewhere: Readonly<Record<string, string>> = {
  stages: 'give them under load: see docs/guide/load-tests.md',
  ramp: 'give stages under load: see docs/guide/load-tests.md',
  steps: 'give them in a journey, under journeys',
  executor: 'give phase: capacity (closed loop) or phase: latency with a rate (open loop)',
  vus: 'give connections: each has one request in flight',
  users: 'give connections: each has one request in flight',
  concurrency: 'give connections, or concurrency in a group of backends',
  threads: 'give cores: the number of workers of the target',
  workers: 'give cores: the number of workers of the target',
  iterations: 'give duration: a trial has a time, not a number of requests',
  requests: 'give duration: a trial has a time, not a number of requests',
  sleep: 'give a pause in the steps of a journey, under journeys',
  checks: 'give them in the steps of a journey, under journeys',
  slo: 'use "lb capacity --slo p99<20ms"',
  url: 'use --url for a server that runs already',
  command: 'use --command for a program that lb starts',
  seed: 'use --seed',
  output: 'use --output',
}

/** What to write in place of a field that a map with these fields does not have. */
export function unknownFieldRemedy(name: string, fields: readonly string[]): string {
  const twice = fieldNamed(name, fields)
  if (twice !== undefined) return `it is another name of ${twice}: keep one of them`
  const near = nearest(name, fields)
  const all = `the fields are ${fields.join(', ')}`
  // Only the map of the scenario itself has a question; parts of it do not have what belongs beside it.
  const other = fields.includes('question') ? ownValue(elsewhere, name) : undefined
  if (other !== undefined) return other
  return near === undefined ? all : `did you mean ${near}? ${all}`
}
