import { get as fetchPage } from 'k6/http';

const visit = function () {
  return fetchPage('http://shop.test/named');
};

export { visit };
