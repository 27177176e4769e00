import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { meterProcesses } from '../../src/meter/process.ts'

/** Starts a Node that runs `program`, and waits until it says something. */
async function started(program: string) {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return {
    pid: child.pid as number,
    async tell() {
      child.stdin.write('go\n')
      await once(child.stdout, 'data')
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

/** Burns CPU time, on as many threads as told, until each has used 300 ms by its own count. */
const burner = (threads: number) => `
  const { Worker, isMainThread } = require('node:worker_threads')
  const burn = 'const {performance}=require("node:perf_hooks");const {parentPort}=require("node:worker_threads");' +
    'parentPort.on("message",()=>{const s=process.threadCpuUsage();let u;do{u=process.threadCpuUsage(s)}while(u.user+u.system<300000);parentPort.postMessage(1)})'
  const workers = Array.from({ length: ${threads} }, () => new Worker(burn, { eval: true }))
  Promise.all(workers.map((w) => new Promise((r) => w.once('online', r)))).then(() => console.log('ready'))
  process.stdin.on('data', async () => {
    await Promise.all(workers.map((w) => new Promise((r) => { w.once('message', r); w.postMessage(1) })))
    console.log('done')
  })
`

test('counts the CPU time of all threads of a process, in the window only', async () => {
  await using burning = await started(burner(2))
  await burning.tell()
  const meter = meterProcesses(() => [burning.pid])
  meter.open()
  await burning.tell()
  meter.close()
  const { userSeconds, systemSeconds } = meter.use()
  // Two threads with 300 ms each by their own count; passing messages costs a little more.
  expect(userSeconds + systemSeconds).toBeGreaterThan(0.59)
  expect(userSeconds + systemSeconds).toBeLessThan(0.9)
})

test('an idle process uses next to nothing, and still has memory', async () => {
  await using idle = await started('console.log(1); setInterval(() => {}, 1e6)')
  const meter = meterProcesses(() => [idle.pid])
  meter.open()
  meter.close()
  const use = meter.use()
  expect(use.userSeconds + use.systemSeconds).toBeLessThan(0.1)
  expect(use.rssMeanBytes).toBeGreaterThan(10 * 2 ** 20)
  expect(use.rssPeakBytes).toBeGreaterThanOrEqual(use.rssMeanBytes)
})

test('a process that is gone counts nothing and breaks nothing', async () => {
  const gone = await started('console.log(1); setInterval(() => {}, 1e6)')
  const meter = meterProcesses(() => [gone.pid])
  meter.open()
  await gone[Symbol.asyncDispose]()
  meter.close()
  expect(meter.use()).toMatchObject({ userSeconds: 0, systemSeconds: 0 })
})
