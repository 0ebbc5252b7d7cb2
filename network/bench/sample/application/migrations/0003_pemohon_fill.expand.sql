-- batches
-- SAMPLE. The rows that came before, four thousand at a time, so that nobody waits long for a lock.
UPDATE permohonan SET pemohon = nama WHERE id IN (SELECT id FROM permohonan WHERE pemohon = '' ORDER BY id LIMIT 4000);
