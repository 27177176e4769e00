import type { Driver } from './driver.ts'

const prepare = () => import('./drive-open-loop.ts')

/** The open loop: arrivals at a rate that does not depend on responses. It measures how fast a target answers. */
export const openLoop: Driver = {
  name: 'open-loop',
  summary: 'requests arrive at a rate that does not depend on responses',
  prepare,
  async drive(load, url, control, signal) {
    const { driveOpenLoop } = await prepare()
    return driveOpenLoop(load, url, { control, signal })
  },
}
