import http from 'k6/http';

const withBase = (base) => (path) => http.get(base + path);
const visit = withBase('http://shop.test');

export default function () {
  visit('/');
  visit('/items');
}
