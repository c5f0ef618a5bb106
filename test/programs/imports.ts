// Loads the file that its argument names, and nothing else.
await import(String(process.argv[2]));
