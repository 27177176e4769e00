import type { Driver } from './driver.ts'

const prepare = () => import('./undici.ts')

/** Arrivals at a rate, whether or not answers came: how fast a target answers. */
export const openLoop: Driver = {
  name: 'open-loop',
  summary: 'requests are due at a rate, whether or not answers came (undici)',
  prepare,
  async drive(load, url, moments, signal) {
    const { driveOpenLoop } = await prepare()
    return driveOpenLoop(load, url, { moments, signal })
  },
}
