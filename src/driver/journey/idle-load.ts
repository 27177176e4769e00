/** A load whose own request is never sent: its connections carry those of visits. */
export const idleLoad = {
  driver: 'journey',
  request: { method: 'GET', path: '/', bodyBytes: 0 },
  warmup: { least: 0, most: 0 },
  duration: 0,
  timeout: 0,
  seed: 0,
} as const
