-- How many workers share the projection now. There are few.
SELECT count(*) AS workers FROM projector.worker w WHERE w.present_until > clock_timestamp()
