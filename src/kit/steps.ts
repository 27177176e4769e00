/**
 * The steps of a request through the balancer, in their order. `head`: from the first byte of its head to the last. `pick`:
 * until a backend is chosen and its head is written. `retries`: time lost at backends that failed. `connect`: until a
 * connection to the backend may be used. `request`: until the request has been passed on in full. `backend`: until the first
 * byte of the response. `response`: until its last byte has come. `client`: until the client has taken it, and
 * times in which the backend had to wait for the client.
 */
export const stepNames = [
  'head',
  'pick',
  'retries',
  'connect',
  'request',
  'backend',
  'response',
  'client',
] as const
export type StepName = (typeof stepNames)[number]

/**
 * Requests whose total time is in one bucket: index of the bucket, number of requests, then the sum of each step in seconds, in
 * the order of `stepNames`. Buckets are `stepBucketsPerOctave` to a factor of 2, the first from 1 µs on.
 */
export type StepRow = readonly number[]

/** Buckets to each factor of 2, and their number: up to 134 s. */
export const stepBucketsPerOctave = 8
export const stepBuckets = 27 * stepBucketsPerOctave
