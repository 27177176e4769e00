const node = (id: number, functionName: string, lineNumber: number, children: number[] = []) => ({
  id,
  callFrame: {
    functionName,
    scriptId: '1',
    url: functionName.startsWith('(') ? '' : 'file:///app/serve.js',
    lineNumber,
    columnNumber: 0,
  },
  hitCount: 1,
  children,
})

/** A `.cpuprofile` of 10 ms, made by hand. `parse` has two nodes, as V8 makes where a function is called from two lines. */
export const cpuProfile = {
  nodes: [
    node(1, '(root)', -1, [2, 6, 7, 8]),
    node(2, 'serve', 2, [3, 4, 5]),
    node(3, 'parse', 9),
    node(4, 'parse', 9),
    node(5, 'write', 19),
    node(6, '(idle)', -1),
    node(7, '(program)', -1),
    node(8, '(garbage collector)', -1),
  ],
  startTime: 50_000,
  endTime: 60_000,
  samples: [3, 2, 4, 5, 6, 8, 7],
  //           at 100   2100  3100  4100 4600 8600 9000
  timeDeltas: [100, 2000, 1000, 1000, 500, 4000, 400],
}
