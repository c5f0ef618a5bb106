// The package's version, as owner.json and the User-Agent tell it; a test holds it to package.json.

export const version = '0.1.0';
