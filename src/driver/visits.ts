import type { Driver } from './driver.ts'

const prepare = () => import('./journey/drive-visits.ts')

/** Visits of several requests: they arrive at a rate, or each of so many users begins one after the other. */
export const visits: Driver = {
  name: 'visits',
  summary: 'visits of several requests, at a rate or by users one after the other',
  prepare,
  async drive(load, url, control, signal) {
    const { driveVisits } = await prepare()
    return driveVisits(load, url, { control, signal })
  },
}
