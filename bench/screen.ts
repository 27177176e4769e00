import { parseArgs } from 'node:util'
import { simulatedScreen, simulatedTwin } from './simulations/screen.ts'

/*
 * npm run bench:screen [-- --runs 2000]: simulated screens of `lb tune --screen` with three planted effects of 5 % among 11
 * knobs, and simulated twins. Prints how often the three are found and how often a twin is no difference. Seconds of one CPU.
 */

const { values } = parseArgs({ options: { runs: { type: 'string', default: '2000' } } })
const runs = Number(values.runs)
const screens = Array.from({ length: runs }, (_, seed) => simulatedScreen(seed + 1))
const percent = (count: number) => `${((100 * count) / runs).toFixed(1)} %`
const found = screens.filter(({ isFound }) => isFound).length
const wrong = screens.filter((one) => one.wrong > 0).length
const same = screens.filter((_, seed) => simulatedTwin(seed + 1)).length
process.stdout.write(
  [
    `screens that find all three of 5 % among 11: ${percent(found)} of ${runs}`,
    `screens that pass on another knob: ${percent(wrong)}`,
    `twins that come out as no difference: ${percent(same)}`,
    '',
  ].join('\n'),
)
