import http from 'k6/http';

export const options = {
  scenarios: {
    spike: {
      executor: 'ramping-arrival-rate',
      startRate: 100,
      timeUnit: '1m',
      preAllocatedVUs: 10,
      stages: [
        { target: 100, duration: '10s' },
        { target: 600, duration: '0s' },
        { target: 600, duration: '20s' },
      ],
    },
  },
};

export default function () {
  http.get('http://shop.test/');
}
