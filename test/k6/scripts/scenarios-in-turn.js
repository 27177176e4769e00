import exec from 'k6/execution';
import http from 'k6/http';

export const options = {
  scenarios: {
    first: { executor: 'constant-vus', vus: 2, duration: '10s', exec: 'one', gracefulStop: '0s' },
    second: {
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [
        { duration: '5s', target: 4 },
        { duration: '5s', target: 0 },
      ],
      startTime: '10s',
      gracefulRampDown: '0s',
      exec: 'two',
    },
  },
};

export function one() {
  http.get(`http://shop.test/${exec.scenario.name}`);
}

export function two() {
  http.get(`http://shop.test/${exec.scenario.name}`);
}
