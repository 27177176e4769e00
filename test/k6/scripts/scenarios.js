import http from 'k6/http';

export const options = {
  scenarios: {
    contacts: {
      executor: 'constant-arrival-rate',
      exec: 'contacts',
      rate: 60,
      timeUnit: '1m',
      duration: '30s',
      preAllocatedVUs: 5,
    },
    news: {
      executor: 'ramping-arrival-rate',
      exec: 'news',
      startRate: 2,
      stages: [{ target: 4, duration: '30s' }],
      preAllocatedVUs: 5,
      maxVUs: 10,
    },
  },
};

export function contacts() {
  http.get('http://shop.test/contacts', { tags: { my_tag: 'contacts' } });
}

export function news() {
  http.get('http://shop.test/news');
}
