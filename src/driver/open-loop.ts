import type { Driver } from './driver.ts'

/** Arrivals at a rate, whether or not answers came: how fast a target answers. */
export const openLoop: Driver = {
  name: 'open-loop',
  summary: 'requests are due at a rate, whether or not answers came (undici)',
  async drive(load, url, moments, signal) {
    const { driveOpenLoop } = await import('./undici.ts')
    return driveOpenLoop(load, url, { moments, signal })
  },
}
