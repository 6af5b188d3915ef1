import "@zazuko/yasqe/build/yasqe.min.css"; export {};
